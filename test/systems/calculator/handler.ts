import { lambdaSandbox } from '../../../adapters/lambda-sandbox.ts';
import { agentHandler } from '../../../functions/_shared/agent-handler.ts';
import { calculator } from './agent.ts';

export const handler = agentHandler(calculator, { makeSandbox: lambdaSandbox });
