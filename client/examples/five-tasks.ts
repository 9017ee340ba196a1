import { FleetClient } from '../index.ts';

const { FLEET_URL: url = 'http://127.0.0.1:4400', FLEET_KEY: key = '' } = process.env;
const fleet = new FleetClient({ url, key });

const outcomes = await fleet.dispatch([
  { agent: 'assistant', instruction: 'What is 12 * 7?' },
  { agent: 'assistant', instruction: 'Name three uses of a queue.' },
  { agent: 'assistant', instruction: 'What is 2 plus 2?', priority: 'high' },
  { agent: 'assistant', instruction: 'My name is Ada.', sessionId: 'five-tasks' },
  { agent: 'assistant', instruction: 'What is my name?', sessionId: 'five-tasks' },
]);

for (const outcome of outcomes) {
  if (outcome.ended)
    console.log(outcome.task.status, JSON.stringify(outcome.task.output), `$${outcome.task.spent.usd}`);
  else console.log('not ended:', outcome.problem.detail);
}
