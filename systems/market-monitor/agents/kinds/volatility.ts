import { defineAnalyst } from '../factory.ts';

export const volatility = defineAnalyst({
  name: 'volatility',
  version: '1',
  explains: 'unusual volatility',
  classes: ['regime-change', 'event-driven', 'transient', 'unexplained'],
  freshness: 900,
  instructions: `A ratio of realised to usual volatility that stays high is a change of regime. A single jump is transient. Say what would tell
them apart next.`,
});
