import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { z } from 'zod';
import type { FleetApp } from '#lib/fleet-app.ts';
import { removeFolder } from './synthesize.ts';

const reportSchema = z.object({
  pluginReports: z.array(
    z.object({ pluginName: z.string(), violations: z.array(z.object({ ruleName: z.string() })).default([]) }),
  ),
});

/** Our own warning: the environments of this project name no topic, since nobody knows it. */
const NO_TOPIC = 'Annotation::agent-fleet:no-alarm-topic';

/** Findings of cdk-nag's AwsSolutions pack in all stacks of the app that have no explanation. */
export function nagFindings(app: FleetApp): readonly string[] {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  try {
    app.synth();
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ValidationFailed')) throw error;
  }
  const report = reportSchema.parse(JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8')));
  removeFolder(app.outdir);
  return report.pluginReports
    .flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName))
    .filter((name) => name !== NO_TOPIC);
}
