package dev.ipcchannel.call;

/// A value that is sound where it is made, and of which some cannot be made where they arrive.
///
/// @param text says what becomes of it, if it is one of the [Flaw]s' names
record Fragile(String text) {

    private static final String BROKEN = "broken: ";

    /// The flaw that the constructor throws where such a value arrives.
    enum Flaw {
        /// A rule that is stricter there.
        REFUSED,
        /// A class that is not there.
        MISSING_CLASS,
        /// A class that cannot be initialized there.
        INITIALIZER,
        /// A constructor that calls itself.
        TOO_DEEP,
        /// One that says something even worse when it is asked what it is.
        SPITEFUL,
        /// More than the heap holds.
        TOO_LARGE;

        private Throwable thrown() {
            return switch (this) {
                case REFUSED -> new IllegalArgumentException("n must be 10 or more: n=3");
                case MISSING_CLASS -> new NoClassDefFoundError("no/such/Thing");
                case INITIALIZER -> new ExceptionInInitializerError("not here");
                case TOO_DEEP -> new StackOverflowError("deep");
                case SPITEFUL -> new Spiteful();
                case TOO_LARGE -> new OutOfMemoryError("Java heap space");
            };
        }
    }

    private static final class Spiteful extends RuntimeException {

        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }
    }

    Fragile {
        if (text.startsWith(BROKEN)) {
            throw Fragile.<RuntimeException>sneaky(
                    Flaw.valueOf(text.substring(BROKEN.length())).thrown());
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // to throw anything
    private static <T extends Throwable> T sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    static Fragile of(Flaw flaw) {
        return new Fragile(flaw.name());
    }

    /// What is sent.
    @Override
    public String text() {
        for (Flaw flaw : Flaw.values()) {
            if (flaw.name().equals(text)) {
                return BROKEN + text;
            }
        }
        return text;
    }
}
