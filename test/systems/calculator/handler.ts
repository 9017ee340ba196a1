import { lambdaSandbox } from '#adapters/sandbox/lambda-sandbox.ts';
import { agentHandler } from '#runtime/index.ts';
import { calculator } from './agent.ts';

export const handler = agentHandler(calculator, { makeSandbox: lambdaSandbox });
