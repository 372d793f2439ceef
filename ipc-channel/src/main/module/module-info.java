/// Typed channels between JVMs over shared-memory rings.
@SuppressWarnings("module") // a module that is exported to is built later
module dev.ipcchannel {
    requires static com.google.gson; // without it there is no JSON
    requires static jdk.jfr; // without it nothing is recorded
    requires static org.jspecify;

    exports dev.ipcchannel;
    exports dev.ipcchannel.call;
    exports dev.ipcchannel.child;
    exports dev.ipcchannel.named;
    exports dev.ipcchannel.select;
    exports dev.ipcchannel.testing;
    exports dev.ipcchannel.transport;
    exports dev.ipcchannel.worker;
    exports dev.ipcchannel.zipc;

    exports dev.ipcchannel.internal.base to dev.ipcchannel.cluster;
    exports dev.ipcchannel.internal.job to dev.ipcchannel.cluster;
}
