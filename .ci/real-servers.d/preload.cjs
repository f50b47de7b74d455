// Loaded before server-everything.
//
// It listens on every interface and has a function that prints its environment:
// keep it on this machine.
const net = require("node:net");
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  return typeof port === "object" || typeof rest[0] === "string"
    ? listen.call(this, port, ...rest)
    : listen.call(this, Number(port), "127.0.0.1", ...rest);
};

// Node 18, which Debian 12 has, does not make this global yet.
globalThis.crypto ??= require("node:crypto").webcrypto;
