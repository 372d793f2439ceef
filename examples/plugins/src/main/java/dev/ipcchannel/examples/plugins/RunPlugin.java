package dev.ipcchannel.examples.plugins;

/// A job for a worker: to load a plugin and to run it. The host itself never loads the plugin.
///
/// @param className of the plugin
/// @param input the text for the plugin
public record RunPlugin(String className, String input) {}
