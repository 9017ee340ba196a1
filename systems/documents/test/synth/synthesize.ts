import { synthesizeSystem, type Context, type Synthesized } from '#test/synth/synthesize.ts';
import { DocumentsStack } from '../../stack.ts';

/** Synthesizes the documents stack of an environment, with `-c` options. */
export const synthesize = (environment: string, context: Context = {}): Synthesized =>
  synthesizeSystem(DocumentsStack, environment, context);
