import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import { Claude } from './claude.ts';
import { optionsSchema } from './options.ts';
import type { ToWorker, FromWorker } from './protocol.ts';
import { BatchProcessor } from './batches/process.ts';
import { loadRules } from './rules.ts';
import { createClaudeServer } from './server.ts';
import type { SimulatedClaudeStats } from './stats.ts';

/** The simulated Claude's thread. Reading PDFs uses CPU, which must not block the fleet's own thread. */
if (!parentPort) throw new Error('claude.worker.ts must run as a worker thread. Call startSimulatedClaude.');
const port = parentPort;

const options = optionsSchema.parse(workerData);
const claude = new Claude(options, await loadRules(options.rules));
const processor = new BatchProcessor(claude);
const server = createClaudeServer(claude, processor);
server.listen(options.port, '127.0.0.1');
await once(server, 'listening');
processor.resume();

port.on('message', (message: ToWorker) => {
  if (message.kind === 'stats') return send({ kind: 'stats', stats: stats() });
  if (message.kind === 'faults') return claude.faults.change(message.faults);
  server.close(() => {
    void processor.close().then(() => {
      claude.ledger.close();
      port.close();
    });
  });
  server.closeAllConnections();
});
send({ kind: 'listening', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

function send(message: FromWorker): void {
  port.postMessage(message);
}

function stats(): SimulatedClaudeStats {
  const { user, system } = process.threadCpuUsage();
  const { counters, reader } = claude;
  return {
    ...counters,
    simulation: true,
    documents: reader.extracted,
    documentsReused: reader.reused,
    cpuMs: Math.round((user + system) / 1_000),
  };
}
