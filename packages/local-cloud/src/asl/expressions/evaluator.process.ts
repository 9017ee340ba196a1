import { Worker } from 'node:worker_threads';

/**
 * The process in which expressions run that are not cheap. The expression itself runs in a thread, so that this process
 * still notices that its parent has died, and takes the expression with it.
 */
const worker = new Worker(new URL('./evaluator.worker.ts', import.meta.url));
process.on('disconnect', () => process.exit(0));
process.on('message', (message) => worker.postMessage(message));
worker.on('message', (message) => process.send?.(message));
worker.on('error', () => process.exit(1));
worker.on('exit', () => process.exit(1));
