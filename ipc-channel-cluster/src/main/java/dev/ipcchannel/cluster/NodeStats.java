package dev.ipcchannel.cluster;

/// A node at one moment, and what has become of its jobs since it was started.
///
/// @param hands how many jobs its workers do at once
/// @param busy how many of these hands have a job
/// @param done the number of jobs that have ended here with an answer, or without one where none
/// was wanted
/// @param failed the number of jobs that have ended here with a failure
/// @param cancelled the number of jobs that have ended here because they were cancelled
/// @param givenBack the number of jobs that went back into the queue before their end
/// @param quarantined the number of jobs that it has put into the quarantine
/// @param kept how many ended jobs it keeps, since their ends have not arrived yet
/// @param isConnected whether it has a connection to the servers
/// @param isDraining whether it takes no more jobs
public record NodeStats(int hands, int busy, long done, long failed, long cancelled,
        long givenBack, long quarantined, int kept, boolean isConnected, boolean isDraining) {}
