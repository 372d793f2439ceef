package dev.ipcchannel.internal.ring;

/// An order of the ring or of the lane's protocol that is taken away. Each constant names the two
/// sides that the order connects, and so what the explorer must find without it.
enum ModelMutant {

    /// The code as it is.
    NONE,

    /// RingWriter.readerToWake without its fence, the partner of the fence in RingReader.arm. The
    /// look at "asleep" overtakes the commit: the writer sees "awake", the reader sees "empty".
    NO_FENCE_AFTER_COMMIT,

    /// RingReader.arm without its fence, the partner of the fence in RingWriter.readerToWake. The
    /// second look overtakes "asleep", with the same end.
    NO_FENCE_BEFORE_READER_SLEEPS,

    /// RingReader.writerToWake without its fence, the partner of the fence in RingWriter.armUntil.
    /// The look at "asleep" overtakes the position: the reader sees "awake", the writer sees
    /// "full".
    NO_FENCE_AFTER_PUBLISH,

    /// RingWriter.armUntil without its fence, the partner of the fence in RingReader.writerToWake.
    /// The second look overtakes "asleep", with the same end.
    NO_FENCE_BEFORE_WRITER_SLEEPS,

    /// The reader sleeps whatever RingReader.arm answers: a record committed since its last look
    /// rang no bell.
    READER_WITHOUT_SECOND_LOOK,

    /// The writer sleeps whatever RingWriter.arm answers: space given back since its last look rang
    /// no bell.
    WRITER_WITHOUT_SECOND_LOOK,

    /// The writer looks for a sleeper before it commits: the reader may fall asleep in between.
    BELL_BEFORE_COMMIT,

    /// The reader looks for a sleeper before it publishes: the writer may fall asleep in between.
    BELL_BEFORE_PUBLISH,

    /// RingReader.isEnded the other way round. Its load of "closed" pairs with RingWriter.close,
    /// and the look at the ring must come after that load: a record committed in between is lost.
    EMPTY_BEFORE_CLOSED,

    /// The payload is copied out after RingReader.publish. The release there pairs with the load in
    /// RingWriter.refreshReaderPosition: what it does not hold back is overwritten first.
    PUBLISH_BEFORE_COPY,

    /// RingWriter.commit stores the header plainly. The release pairs with the load in
    /// RingReader.poll: without it the header is there before the payload, or before the zero after
    /// the record, at which the reader stops.
    COMMIT_WITHOUT_RELEASE
}
