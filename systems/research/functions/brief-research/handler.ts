import { keepsReport, logger, parseEnv, pipelineEventSchema, traced } from '#runtime/index.ts';
import { loadFonts } from '../../brief/pdf/fonts/fonts.ts';
import { briefPdf } from '../../brief/pdf/pdf.ts';
import { mailBrief } from '../../mail/deliver.ts';
import { briefKey, briefOfRun, deliverWritten, type BriefOfRun } from '../../night/brief-of-run.ts';
import type { Deliver } from '../../night/deliver.ts';
import { briefEnv } from './env.ts';
import { researchRunPorts } from './ports.ts';

const env = parseEnv(briefEnv);
const fonts = loadFonts();
const portsOf = researchRunPorts();
const own = {
  pdf: async (brief: Parameters<typeof briefPdf>[0]) => briefPdf(brief, await fonts),
  zone: env.ZONE,
};

/** The aggregator of a night: writes its brief, however the run ended, and mails it. */
export const handler = traced(
  'research-brief',
  async (given: unknown, context): Promise<BriefOfRun | { runId: string }> => {
    const event = pipelineEventSchema.parse(given);
    const { run } = event;
    const ports = { ...portsOf(event), ...own };
    const deliver: Deliver = (delivery) =>
      mailBrief(env, env.RESEARCH_TABLE, { ...delivery, input: event.input }, () => context.getRemainingTimeInMillis());
    if (await keepsReport(ports, event, briefKey(run.id))) {
      // The run may have failed because it could not be mailed.
      await deliverWritten({ ...ports, deliver }, run.id);
      return { runId: run.id };
    }
    const made = await briefOfRun({ ...ports, deliver }, event);
    logger.info('brief.made', { runId: made.runId, night: made.night, late: made.late, totals: made.totals });
    return made;
  },
);
