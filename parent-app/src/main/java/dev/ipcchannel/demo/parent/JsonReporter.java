package dev.ipcchannel.demo.parent;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;

/// A reporter that prints JSON, one object a line: the event's name as `event`, then its
/// components.
final class JsonReporter implements Reporter {

    private final Output out;
    private final Gson gson = new GsonBuilder().disableHtmlEscaping().create();

    JsonReporter(Output out) {
        this.out = out;
    }

    @Override
    public void report(Event event) {
        JsonObject object = new JsonObject();
        object.addProperty("event", event.getClass().getSimpleName());
        gson.toJsonTree(event).getAsJsonObject().asMap().forEach(object::add);
        out.println(gson.toJson(object));
    }
}
