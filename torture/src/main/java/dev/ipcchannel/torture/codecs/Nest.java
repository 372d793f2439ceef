package dev.ipcchannel.torture.codecs;

import java.util.List;
import java.util.Set;

/// Sets inside of sets.
record Nest(Set<Nest> inner, List<Spot> load) {

    /// The same bytes, of which no table is made: for a sender that does not care.
    record Listed(List<Listed> inner, List<Spot> load) {}
}
