import { keepsReport, logger, pipelineEventSchema, traced } from '#runtime/index.ts';
import { briefKey, briefOfRun, type BriefOfRun } from '../../night/brief-of-run.ts';
import { researchRunPorts } from './ports.ts';

const ports = researchRunPorts();

/** The aggregator of a night: writes its brief, however the run ended. */
export const handler = traced('research-brief', async (given: unknown): Promise<BriefOfRun | { runId: string }> => {
  const event = pipelineEventSchema.parse(given);
  const { run } = event;
  if (await keepsReport(ports, event, briefKey(run.id))) return { runId: run.id };
  const made = await briefOfRun({ ...ports, deliver: () => Promise.resolve() }, event);
  logger.info('brief.made', { runId: made.runId, night: made.night, late: made.late, totals: made.totals });
  return made;
});
