import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import LineChart from '@cloudscape-design/components/line-chart';
import type { ReactNode } from 'react';
import type { AlarmDetail } from '../../api/alarms.ts';
import { clock } from '../../parts/format.ts';

interface AlarmChartProps {
  readonly title: ReactNode;
  readonly rule: NonNullable<AlarmDetail['rule']>;
  readonly series: AlarmDetail['series'];
}

/** What an alarm compares, with its threshold. */
export function AlarmChart({ title, rule: { threshold, metrics, expression }, series }: AlarmChartProps) {
  const watched = expression ?? metrics.map(({ name }) => name).join(', ');
  return (
    <Container header={<Header>{title}</Header>}>
      <LineChart
        ariaLabel={`${watched} over time`}
        height={180}
        hideFilter
        xScaleType="time"
        yTitle={watched}
        series={[
          { type: 'line', title: watched, data: series.map(([at, y]) => ({ x: new Date(at), y })) },
          { type: 'threshold', title: 'Threshold', y: threshold },
        ]}
        i18nStrings={{ xTickFormatter: (at) => clock(at.getTime()).slice(0, 5) }}
        empty="No values yet."
      />
    </Container>
  );
}
