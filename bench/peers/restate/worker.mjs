// The tasks of Restate: a session is a virtual object, a task one call of it. https://docs.restate.dev/foundations/services
import { createRequire } from 'node:module';
import { callModel } from '../call-model.mjs';

const restate = createRequire(`${process.env.PEERS}/package.json`)('@restatedev/restate-sdk');

// The server bounds invocations by partition only, so the worker bounds calls of the model.
let free = Number(process.env.AT_ONCE);
const waiting = [];
async function withSlot(work) {
  if (free > 0) free -= 1;
  else await new Promise((resolve) => waiting.push(resolve));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }
}

const session = restate.object({
  name: 'session',
  handlers: {
    async turn(ctx, { key, text }) {
      const turns = (await ctx.get('turns')) ?? [];
      const answer = await ctx.run('model', () => withSlot(() => callModel(key, turns, text)));
      ctx.set('turns', [...turns, { role: 'user', content: text }, { role: 'assistant', content: answer }]);
      return answer;
    },
  },
});

await restate.serve({ services: [session], port: Number(process.env.WORKER_PORT) });
process.stdout.write('ready\n');
