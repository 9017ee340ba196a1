import Container from '@cloudscape-design/components/container';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useAlarm, type AlarmDetail, type AlarmPart } from '../../api/alarms.ts';
import { useHolds } from '../../api/pools.ts';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { moment } from '../../parts/format.ts';
import { Page } from '../../parts/page.tsx';
import { Status } from '../../parts/status.tsx';
import { alarmPath, To } from '../../url/to.tsx';
import { HoldActions } from '../incident/hold-actions.tsx';
import { AlarmChart } from './alarm-chart.tsx';
import { AlarmFacts } from './alarm-facts.tsx';
import { Behind } from './behind.tsx';
import { Runbook } from './runbook.tsx';

/** One alarm: what it compares, what to do, and what lies behind it. */
export function Alarm({ name }: { readonly name: string }) {
  const alarm = useAlarm(name);
  const pool = useHolds().data?.pools.find(({ agent }) => agent === alarm.data?.agent);
  return (
    <Page
      title={name}
      source={alarm}
      description={<CommandLine command={fleetCommand.alarm(name)} />}
      actions={pool && <HoldActions what={{ kind: 'pool', agent: pool.agent }} status={pool.status} />}
    >
      {alarm.data && <Details alarm={alarm.data} />}
    </Page>
  );
}

function Details({ alarm }: { readonly alarm: AlarmDetail }) {
  return (
    <Grid gridDefinition={[{ colspan: { default: 12, xs: 6 } }, { colspan: { default: 12, xs: 6 } }]}>
      <SpaceBetween size="l">
        <AlarmFacts alarm={alarm} />
        {alarm.rule && <AlarmChart title="Values and threshold" rule={alarm.rule} series={alarm.series} />}
        {alarm.parts?.map((part) => (
          <Part key={part.name} part={part} />
        ))}
        <Behind alarm={alarm} />
        <Changes changes={alarm.changes} />
      </SpaceBetween>
      <Runbook alarm={alarm} />
    </Grid>
  );
}

/** One of the alarms that a composite alarm combines. */
function Part({ part: { name, state, rule, composite, series } }: { readonly part: AlarmPart }) {
  const title = (
    <>
      <To path={alarmPath(name)}>{name}</To> <Status of={state} />
    </>
  );
  return rule ? (
    <AlarmChart title={title} rule={rule} series={series} />
  ) : (
    <Container header={<Header>{title}</Header>}>{composite ?? '–'}</Container>
  );
}

function Changes({ changes }: Pick<AlarmDetail, 'changes'>) {
  if (changes.length === 0) return null;
  return (
    <Container header={<Header>Changes</Header>}>
      <ul>
        {changes.map(({ at, summary }) => (
          <li key={`${at} ${summary}`}>
            {moment(at)}: {summary}
          </li>
        ))}
      </ul>
    </Container>
  );
}
