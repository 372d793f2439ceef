package dev.ipcchannel.torture.codecs;

import java.util.List;
import java.util.Set;

/// A nest of sets.
record Nest(Set<Nest> inner, List<Spot> load) {

    /// A nest of lists with the same encoding, for a sender that makes no hash tables.
    record Listed(List<Listed> inner, List<Spot> load) {}
}
