import { parentPort } from 'node:worker_threads';
import { FailureError } from '#core/failures/failure.ts';
import { watchInflating } from './inflate-watch.ts';
import { readDocument } from './read-document.ts';
import type { Answer, Question } from './reader-thread.ts';

/** The thread that reads PDFs, one after the other. reader-thread.ts ends it if a PDF takes too much. */
watchInflating();

parentPort?.on('message', ({ bytes, settings }: Question) => {
  readDocument(bytes, settings).then(
    (reading) => answer({ reading }),
    (error: unknown) => answer(failureOf(error)),
  );
});

const answer = (message: Answer): void => parentPort?.postMessage(message);

const failureOf = (error: unknown): Answer =>
  error instanceof FailureError ? { reason: error.failure.reason } : { error: String(error) };
