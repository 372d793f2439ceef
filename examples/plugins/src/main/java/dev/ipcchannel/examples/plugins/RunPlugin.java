package dev.ipcchannel.examples.plugins;

/// A job for a worker: to load a plugin and to run it. The host itself never loads its class.
///
/// @param className of the plugin
/// @param input what the plugin is given
public record RunPlugin(String className, String input) {}
