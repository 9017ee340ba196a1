import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import LineChart from '@cloudscape-design/components/line-chart';
import type { AlarmDetail } from '../../api/alarms.ts';
import { clock } from '../../parts/format.ts';

interface AlarmChartProps {
  readonly rule: NonNullable<AlarmDetail['rule']>;
  readonly series: AlarmDetail['series'];
}

/** What an alarm compares, with its threshold. */
export function AlarmChart({ rule: { threshold, metrics, expression }, series }: AlarmChartProps) {
  const title = expression ?? metrics.map(({ name }) => name).join(', ');
  return (
    <Container header={<Header>Values and threshold</Header>}>
      <LineChart
        ariaLabel={`${title} over time`}
        height={180}
        hideFilter
        xScaleType="time"
        yTitle={title}
        series={[
          { type: 'line', title, data: series.map(([at, y]) => ({ x: new Date(at), y })) },
          { type: 'threshold', title: 'Threshold', y: threshold },
        ]}
        i18nStrings={{ xTickFormatter: (at) => clock(at.getTime()).slice(0, 5) }}
        empty="No values yet."
      />
    </Container>
  );
}
