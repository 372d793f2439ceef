package dev.ipcchannel.testing.children;

import dev.ipcchannel.named.NamedCaller;

/// A child that asks the service of [ServingChild] a question that is never answered.
public final class PatientCallerChild {

    private PatientCallerChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (NamedCaller<String, String> caller =
                NamedCaller.open(ServingChild.NAME, String.class, String.class)) {
            String _ = caller.call(ServingChild.WAIT);
        }
    }
}
