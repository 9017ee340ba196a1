import { assistantSystem } from '#systems/assistant/system.ts';
import { codeReviewSystem } from '#systems/code-review/system.ts';
import { documentsSystem } from '#systems/documents/system.ts';
import type { System } from '#systems/manifest.ts';
import { marketMonitorSystem } from '#systems/market-monitor/system.ts';
import { researchSystem } from '#systems/research/system.ts';
import { supportSystem } from '#systems/support/system.ts';

/** Every system of the fleet. A further one is a folder in systems/ and a line here. */
export const systems: readonly System[] = [
  documentsSystem,
  assistantSystem,
  codeReviewSystem,
  supportSystem,
  researchSystem,
  marketMonitorSystem,
];
