package dev.ipcchannel.testing.children;

import dev.ipcchannel.Receiver;
import java.util.List;

/// The ends that a [ChoirChild] hands over: its voices, each with the numbers 0, 1, 2 and so on.
///
/// @param voices that the child sings with
public record Choir(List<Receiver<Long>> voices) {}
