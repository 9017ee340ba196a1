import Container from '@cloudscape-design/components/container';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { AlarmView } from '../../api/alarms.ts';
import { Age } from '../../parts/age.tsx';
import { Status } from '../../parts/status.tsx';
import { ruleWords } from './rule-words.ts';

/** The state of an alarm, and whom it concerns. */
export function AlarmFacts({ alarm }: { readonly alarm: AlarmView }) {
  const { state, since, severity, owner, says, reason, rule, composite } = alarm;
  return (
    <Container>
      <SpaceBetween size="m">
        <div>{says}</div>
        <KeyValuePairs
          columns={2}
          items={[
            { label: 'State', value: <Status of={state} /> },
            { label: 'Since', value: <Age at={since} /> },
            { label: 'Severity', value: severity ?? '–' },
            { label: 'Owner', value: owner ?? '–' },
            { label: 'Rings if', value: rule ? ruleWords(rule) : (composite ?? '–') },
            { label: 'Why it has this state', value: reason },
          ]}
        />
      </SpaceBetween>
    </Container>
  );
}
