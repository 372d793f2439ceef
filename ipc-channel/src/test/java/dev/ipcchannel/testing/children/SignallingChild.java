package dev.ipcchannel.testing.children;

import dev.ipcchannel.named.NamedSignal;

/// A child that signals 0 without end.
public final class SignallingChild {

    private SignallingChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (NamedSignal signal = NamedSignal.open(ListeningChild.NAME)) {
            while (true) {
                signal.signal(0);
            }
        }
    }
}
