import { kafkaProblem, startKafka } from './kafka.ts';

/** `npm run kafka -- [PORT]`: a real Kafka broker on 127.0.0.1 until Ctrl-C. */
const port = Number(process.argv[2] ?? 9092);
const problem = await kafkaProblem();
if (problem !== undefined) {
  process.stderr.write(`Kafka cannot run here: ${problem}.\n`);
  process.exitCode = 1;
} else {
  const broker = await startKafka(port);
  process.stdout.write(`Kafka 4.1.1 listens on ${broker.bootstrap}. Its data is deleted when it ends.\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void broker.close());
}
