/**
 * What code would try that had broken out of the interpreter: it is Node.js here, in the sandbox's process. Prints what
 * came of each attempt as JSON: `done`, or the error's code.
 */
import { readFileSync } from 'node:fs';

const order = JSON.parse(readFileSync(0, 'utf8'));
const builtin = (name) => process.getBuiltinModule(name);
const connected = (socket, event) =>
  new Promise((resolve, reject) => {
    socket.once('error', reject).once(event, resolve);
  });

const attempts = {
  'read its folder': () => builtin('fs').readFileSync('own.txt'),
  'read a file of the machine': () => builtin('fs').readFileSync('/etc/passwd'),
  'read a file of the fleet': () => builtin('fs').readFileSync(order.secret),
  'list a folder of the fleet': () => builtin('fs').readdirSync(builtin('path').dirname(order.secret)),
  'follow a link out of its folder': () => builtin('fs').readFileSync('link'),
  'read the environment of its parent': () => builtin('fs').readFileSync(`/proc/${process.ppid}/environ`),
  'find a credential in its environment': () => {
    if (Object.keys(process.env).length === 0) throw Object.assign(new Error(), { code: 'EMPTY' });
  },
  'write to its folder': () => builtin('fs').writeFileSync('own.txt', 'changed'),
  'write elsewhere': () => builtin('fs').writeFileSync('/tmp/escaped', ''),
  'write a report': () => process.report.writeReport('/tmp/escaped.json'),
  'leave its folder': () => process.chdir('/'),
  'start a process': () => builtin('child_process').execSync('id'),
  'fork itself': () => builtin('child_process').fork(process.argv[1]),
  'start a thread': () => new (builtin('worker_threads').Worker)('1', { eval: true }),
  'load native code': () => process.dlopen({ exports: {} }, '/tmp/escaped.node'),
  'bind to the host': () => process.binding('tcp_wrap'),
  'start WASI': () => new (builtin('wasi').WASI)({ version: 'preview1', preopens: { '/': '/' } }),
  'open the inspector': () => builtin('inspector').open(0, '127.0.0.1'),
  'debug itself': () => new (builtin('inspector').Session)().connect(),
  'make code of text': () => Reflect.construct(Function, ['return 1'])(),
  'connect to this machine': () => connected(builtin('net').connect(order.port, '127.0.0.1'), 'connect'),
  'ask this machine over HTTP': () => fetch(`http://127.0.0.1:${order.port}`),
  'send a datagram': () =>
    new Promise((resolve, reject) => {
      const socket = builtin('dgram').createSocket('udp4').once('error', reject);
      socket.send('x', order.port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
    }),
  'resolve a name': () => builtin('dns').promises.lookup('example.com'),
  'signal its parent': () => process.kill(order.parent, 0),
  'keep memory beyond its limit': () => new WebAssembly.Memory({ initial: 16_000 }),
};

const came = {};
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    await attempt();
    came[name] = 'done';
  } catch (error) {
    came[name] = error.cause?.code ?? error.code ?? error.name;
  }
}
process.stdout.write(JSON.stringify(came), () => process.exit(0));
