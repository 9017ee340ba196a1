import { startFixture } from '../../testing/cloud.ts';
import { put } from '../lambda/stream-mapping.support.ts';
import { streamChain, TEXTS } from './stream-chain.ts';

// A cloud in a separate process, to be killed. It prints when its function has begun the tenth batch.
const [root = ''] = process.argv.slice(2);
const cloud = await startFixture(streamChain, { root });
await put(cloud, 'events', TEXTS);
await cloud.event('lambda.log', ({ line }) => line.includes('slow20'));
console.log('half');
