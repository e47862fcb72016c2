'use strict';
/**
 * One execution environment of a function: loads the bundle, then answers one invocation after another. Plain
 * JavaScript, so that a thread starts without the loader of the main thread.
 */
const Module = require('node:module');
const { join } = require('node:path');
const { readFileSync } = require('node:fs');
const { format } = require('node:util');
const { parentPort, workerData } = require('node:worker_threads');
const { connectToCloud } = require('./cloud-line.cjs');

const {
  clock,
  directory,
  source,
  handler: handlerName,
  runtime,
  functionName,
  functionArn,
  memoryMb,
  cloudUrl,
} = workerData;

const realNow = Date.now;
let requestId;
const post = (message) => parentPort.postMessage(message);
const log = (level, text) => post({ kind: 'log', requestId, level, text });

patchDate();
patchOutput();

const takeAnswer = cloudUrl ? connectToCloud(cloudUrl, post) : undefined;
const handler = load();
if (handler) {
  parentPort.on('message', (message) =>
    message.kind === 'answer' ? takeAnswer?.(message) : invoke(message),
  );
  post({ kind: 'ready' });
}

/** The offset is read at every call: time may move while this environment lives. */
function patchDate() {
  const offset = new Float64Array(clock);
  const RealDate = Date;
  const now = () => realNow() + offset[0];
  function LambdaDate(...values) {
    if (!new.target) return new RealDate(now()).toString();
    return Reflect.construct(RealDate, values.length === 0 ? [now()] : values, new.target);
  }
  LambdaDate.prototype = RealDate.prototype;
  LambdaDate.prototype.constructor = LambdaDate;
  Object.assign(LambdaDate, { now, parse: RealDate.parse, UTC: RealDate.UTC });
  Object.defineProperty(LambdaDate, 'name', { value: 'Date' });
  globalThis.Date = LambdaDate;
}

/** Each line is sent on at once, so that a crash or a timeout leaves what was said before it. */
function patchOutput() {
  for (const level of ['debug', 'info', 'log', 'warn', 'error', 'trace']) {
    console[level] = (...values) =>
      log(level === 'log' || level === 'trace' ? 'info' : level, format(...values));
  }
  const stream = (level) => (chunk, encoding, done) => {
    log(level, Buffer.isBuffer(chunk) ? chunk.toString('utf8') : String(chunk));
    const callback = typeof encoding === 'function' ? encoding : done;
    if (callback) queueMicrotask(callback);
    return true;
  };
  process.stdout.write = stream('info');
  process.stderr.write = stream('error');
}

function load() {
  try {
    const [file, name] = splitHandler(handlerName);
    const found = compile(file)[name];
    if (typeof found !== 'function') {
      throw named('Runtime.HandlerNotFound', `${handlerName} is undefined or not exported`);
    }
    if (found.length > 2 && /^nodejs(2[4-9]|[3-9]\d)/.test(runtime)) {
      throw named(
        'Runtime.CallbackHandlerDeprecated',
        `${handlerName} takes a callback, which ${runtime} no longer supports: return a promise`,
      );
    }
    return found;
  } catch (error) {
    post({ kind: 'init-failed', error: describe(error) });
    return undefined;
  }
}

function splitHandler(value) {
  const at = value.lastIndexOf('.');
  if (at < 1) throw named('Runtime.MalformedHandlerName', `bad handler "${value}": expected file.export`);
  return [value.slice(0, at), value.slice(at + 1)];
}

/** As CommonJS whatever package.json lies above the directory: Lambda has none there. */
function compile(file) {
  const path = join(directory, `${file}.js`);
  const loaded = new Module(path);
  loaded.filename = path;
  loaded.paths = Module._nodeModulePaths(directory);
  loaded._compile(source ?? read(path), path);
  return loaded.exports;
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw named('Runtime.ImportModuleError', error.message);
  }
}

function invoke({ requestId: id, event, deadline }) {
  requestId = id;
  Promise.resolve()
    .then(() => call(JSON.parse(event), context(id, deadline)))
    .then(
      // `undefined` is answered as null
      (value) => post({ kind: 'done', requestId: id, payload: JSON.stringify(value) ?? 'null' }),
    )
    .catch((error) => post({ kind: 'failed', requestId: id, error: describe(error) }));
}

/** A handler with three parameters answers by callback, unless it returns a promise. */
function call(event, lambdaContext) {
  if (handler.length < 3) return handler(event, lambdaContext);
  return new Promise((resolve, reject) => {
    const answered = (error, value) => (error ? reject(error) : resolve(value));
    const returned = handler(event, lambdaContext, answered);
    if (returned && typeof returned.then === 'function') returned.then(resolve, reject);
  });
}

/** `deadline` is on the machine's clock; the one that handlers see may be ahead of it. */
const context = (id, deadline) => ({
  awsRequestId: id,
  functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: functionArn,
  memoryLimitInMB: String(memoryMb),
  logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, deadline - realNow()),
});

function named(name, message) {
  const error = new Error(message);
  error.name = name;
  return error;
}

/** What a caller sees of a thrown value: type, message and trace, never its other properties. */
function describe(error) {
  if (!(error instanceof Error)) {
    return {
      errorType: typeof error,
      errorMessage: typeof error === 'string' ? error : format(error),
      trace: [],
    };
  }
  const trace = String(error.stack ?? '').split('\n');
  return { errorType: error.name, errorMessage: error.message, trace };
}
