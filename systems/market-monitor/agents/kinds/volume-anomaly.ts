import { defineAnalyst } from '../factory.ts';

export const volumeAnomaly = defineAnalyst({
  name: 'volume-anomaly',
  version: '1',
  explains: 'unusual volumes of trading',
  classes: ['accumulation', 'distribution', 'event-driven', 'unexplained'],
  freshness: 900,
  instructions: `Volume with a rising price is accumulation, with a falling one distribution. If a filing or a piece of news came with it, it is
event-driven.`,
});
