'use strict';
/**
 * Calls of a function to the cloud that runs it go as messages between threads instead of over a socket: the same
 * request and the same answer, for a tenth of the processor time. Everything else a function calls goes its usual way.
 */
const http = require('node:http');
const { Readable, Writable } = require('node:stream');
const { EventEmitter } = require('node:events');

/**
 * Takes over `http.request` for the AWS endpoints of the cloud.
 * @param cloudUrl - `http://127.0.0.1:<port>`
 * @param post - hands a request to the main thread
 * @returns takes its answer
 */
exports.connectToCloud = (cloudUrl, post) => {
  const cloud = new URL(cloudUrl);
  const original = http.request;
  const waiting = new Map();
  let lastId = 0;
  const isForCloud = (options) =>
    typeof options === 'object' &&
    !(options instanceof URL) &&
    (options.hostname ?? options.host) === cloud.hostname &&
    String(options.port) === cloud.port &&
    String(options.path).startsWith('/_aws/');
  http.request = (options, ...rest) => {
    if (!isForCloud(options)) return original(options, ...rest);
    lastId += 1;
    const id = lastId;
    const call = new CloudRequest(options, {
      send: (request) => post({ kind: 'http', id, ...request }),
      forget: () => waiting.delete(id),
    });
    waiting.set(id, call);
    const onResponse = rest.find((value) => typeof value === 'function');
    if (onResponse) call.once('response', onResponse);
    return call;
  };
  return ({ id, status, headers, body }) => {
    const call = waiting.get(id);
    waiting.delete(id);
    call?.answer(status, headers, body);
  };
};

/** What callers expect of a connected socket. */
class Line extends EventEmitter {
  connecting = false;
  setKeepAlive() {}
  setNoDelay() {}
  setTimeout() {}
}
const line = new Line().setMaxListeners(0);

/** The part of `http.ClientRequest` that HTTP clients use. */
class CloudRequest extends Writable {
  constructor(options, { send, forget }) {
    super({ decodeStrings: false, autoDestroy: false }); // the answer comes after the last write
    this.path = options.path;
    this.method = options.method ?? 'GET';
    this.headers = lowerCase(options.headers);
    this.chunks = [];
    this.send = send;
    this.forget = forget;
    this.socket = line;
    this.reusedSocket = true;
    process.nextTick(() => this.emit('socket', line));
  }

  setHeader(name, value) {
    this.headers[name.toLowerCase()] = String(value);
  }

  setTimeout() {
    return this; // callers that mind the time destroy the request
  }

  setNoDelay() {}

  setSocketKeepAlive() {}

  _write(chunk, _encoding, done) {
    this.chunks.push(chunk);
    done();
  }

  _final(done) {
    const { method, path, headers, chunks } = this;
    const [only = ''] = chunks;
    const body = chunks.length <= 1 ? only : Buffer.concat(chunks.map((chunk) => Buffer.from(chunk)));
    this.send({ method, path, headers, body });
    done();
  }

  _destroy(error, done) {
    this.forget();
    done(error);
  }

  abort() {
    this.destroy();
  }

  answer(status, headers, body) {
    if (this.destroyed) return;
    const response = new Readable({ read() {} });
    Object.assign(response, { statusCode: status, headers, statusMessage: '', httpVersion: '1.1' });
    this.emit('response', response);
    if (body?.length > 0) response.push(body);
    response.push(null);
  }
}

const lowerCase = (headers = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
