import { agentHandler } from '#runtime/index.ts';
import { editor } from './agents.ts';

export const handler = agentHandler(editor);
