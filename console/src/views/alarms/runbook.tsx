import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import runbook from '#docs/runbook.md';
import type { AlarmView } from '../../api/alarms.ts';
import { anchorIn, blocksOf, sectionOf } from '../../parts/markdown/blocks.ts';
import { Markdown } from '../../parts/markdown/markdown.tsx';

const BLOCKS = blocksOf(runbook);

/** The section of the runbook that an alarm names, with the alarm's agent in its commands. */
export function Runbook({ alarm: { runbook: place = '', agent } }: { readonly alarm: AlarmView }) {
  const section = sectionOf(BLOCKS, anchorIn(place));
  const fill = (text: string): string => (agent === undefined ? text : text.replaceAll(/\bAGENT\b/g, agent));
  return (
    <Container header={<Header>What to do</Header>}>
      {section.length === 0 ? 'The alarm names no section of the runbook.' : <Markdown blocks={section} fill={fill} />}
    </Container>
  );
}
