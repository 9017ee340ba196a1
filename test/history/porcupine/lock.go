package main

import (
	"sort"

	"github.com/anishathalye/porcupine"
)

// Holding a home is a lock: it is acquired only while nobody has it, and released by whoever has it.
type lockStep struct {
	region    string
	isRelease bool
}

// The state is the region that has the lock, or "".
var lock = porcupine.Model{
	Init: func() interface{} { return "" },
	Step: func(state, input, _ interface{}) (bool, interface{}) {
		step := input.(lockStep)
		if step.isRelease {
			return state == step.region, ""
		}
		return state == "", step.region
	},
	DescribeOperation: func(input, _ interface{}) string {
		if step := input.(lockStep); step.isRelease {
			return step.region + " stops"
		} else {
			return step.region + " begins"
		}
	},
}

func lockSteps(holds []hold) []porcupine.Operation {
	var steps []porcupine.Operation
	for _, held := range merged(holds) {
		from, until := at(held.from), at(held.until)
		steps = append(steps,
			porcupine.Operation{Input: lockStep{held.region, false}, Call: from, Return: from},
			porcupine.Operation{Input: lockStep{held.region, true}, Call: until, Return: until})
	}
	return steps
}

// Puts the times of each region together that touch or overlap: it holds the home all the time.
func merged(holds []hold) []hold {
	sorted := append([]hold{}, holds...)
	sort.SliceStable(sorted, func(a, b int) bool { return sorted[a].from < sorted[b].from })
	last := map[string]int{}
	var result []hold
	for _, next := range sorted {
		before, seen := last[next.region]
		if next.until <= next.from {
			continue
		}
		if seen && next.from <= result[before].until {
			if next.until > result[before].until {
				result[before].until = next.until
			}
			continue
		}
		last[next.region] = len(result)
		result = append(result, next)
	}
	return result
}
