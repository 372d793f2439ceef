package dev.ipcchannel.worker;

/// The progress of a worker with a job, in its own words.
///
/// @param done how much is done
/// @param total how much there is; 0 where that is not known
/// @param note what a person might want to read, perhaps empty
public record Progress(long done, long total, String note) {}
