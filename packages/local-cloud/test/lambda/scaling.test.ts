import { expect, test } from 'vitest';
import { provisionedScaling, Scaling, standardScaling } from '../../src/lambda/mappings/scaling.ts';

test('standard mode starts with 5 batches and adds 300 per minute of backlog', () => {
  const scaling = new Scaling(standardScaling(undefined));
  expect(scaling.limit).toBe(5);
  scaling.saturated(1000);
  scaling.saturated(1199);
  expect(scaling.limit).toBe(5);
  scaling.saturated(1200);
  expect(scaling.limit).toBe(6);
  scaling.saturated(61_000);
  expect(scaling.limit).toBe(305);
  scaling.saturated(601_000);
  expect(scaling.limit).toBe(1250);
});

test('the maximum concurrency applies from the start', () => {
  const scaling = new Scaling(standardScaling(3));
  scaling.saturated(0);
  scaling.saturated(60_000);
  expect(scaling.limit).toBe(3);
});

test('an empty queue stops the rise, and an idle period resets the limit', () => {
  const scaling = new Scaling(standardScaling(50));
  scaling.saturated(0);
  scaling.saturated(2000);
  expect(scaling.limit).toBe(15);
  scaling.relaxed();
  scaling.saturated(60_000);
  expect(scaling.limit).toBe(15);
  scaling.idle();
  expect(scaling.limit).toBe(5);
});

test('provisioned pollers run 10 concurrent batches each', () => {
  const scaling = new Scaling(provisionedScaling(5, 20));
  expect(scaling.limit).toBe(50);
  scaling.saturated(0);
  scaling.saturated(600);
  expect(scaling.limit).toBe(60);
  scaling.saturated(60_000);
  expect(scaling.limit).toBe(200);
});
