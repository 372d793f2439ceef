package dev.ipcchannel.examples.names;

/// The message of these programs.
///
/// @param id the message's number, from 0
/// @param data a text of any length
record ExampleMessage(int id, String data) {

    /// The name of the channel.
    static final String CHANNEL = "ExampleChannel";
}
