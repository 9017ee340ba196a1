package main

import (
	"fmt"
	"math"

	"github.com/anishathalye/porcupine"
)

// A lease item is a register with conditional writes: each call has its effect at one moment between its call and its
// return. The state is the stored lease, or nil.
var register = porcupine.Model{
	Init: func() interface{} { return (*lease)(nil) },
	Step: func(state, input, _ interface{}) (bool, interface{}) {
		stored, made := state.(*lease), input.(*call)
		if made.write == nil {
			return made.isOpen || isSame(stored, made.stored), stored
		}
		holds := made.when.holds(stored)
		if made.isOpen {
			// Nobody knows how it ended, so it ended as the condition says.
			if holds {
				return true, made.write
			}
			return true, stored
		}
		if made.granted != holds {
			return false, stored
		}
		if holds {
			return true, made.write
		}
		return !made.tells || isSame(stored, made.stored), stored
	},
	Equal:             func(one, other interface{}) bool { return isSame(one.(*lease), other.(*lease)) },
	DescribeOperation: func(input, _ interface{}) string { return input.(*call).String() },
	DescribeState:     func(state interface{}) string { return state.(*lease).String() },
}

func (when condition) holds(stored *lease) bool {
	switch when.Is {
	case "absent":
		return stored == nil
	case "same":
		return stored != nil && stored.Epoch == when.Epoch && stored.Beat == when.Beat
	default:
		return stored != nil && stored.Epoch == when.Epoch && stored.Beat < when.Beat
	}
}

func isSame(one, other *lease) bool {
	if one == nil || other == nil {
		return one == other
	}
	return *one == *other
}

func registerSteps(calls []*call) []porcupine.Operation {
	var steps []porcupine.Operation
	kept := needed(calls)
	for _, made := range kept {
		steps = append(steps, porcupine.Operation{Input: made, Call: at(firstMoment(made, kept)), Return: at(made.returnedAt)})
	}
	return steps
}

// Leaves out calls without an answer that cannot matter, since each doubles what the search may have to try: reads, and
// writes whose lease nobody noticed. A call that is open may come after all others, so leaving it out makes no history
// right. It makes none wrong either. Say that such a write was done, and look at what came next in the item. Nobody read
// its lease, nobody named it in a condition, and no failed condition that tells nothing needs it (see explains). So if
// anything was written upon it, it was a later beat of its epoch. Then, as a first write of an epoch is kept if a beat
// follows, the write was a beat itself, and that later beat could be written without it.
//
// For the same reason a write without an answer may be taken to be done just before whatever noticed it first, and not
// before that was called. So the search need not try it at every moment until then.
func needed(calls []*call) []*call {
	var kept, open []*call
	for _, made := range calls {
		switch {
		case !made.isOpen:
			kept = append(kept, made)
		case made.write != nil:
			open = append(open, made)
		}
	}
	for found := true; found; {
		found = false
		var left []*call
		for _, made := range open {
			if isNoticed(made, kept) {
				kept, found = append(kept, made), true
			} else {
				left = append(left, made)
			}
		}
		open = left
	}
	return kept
}

func firstMoment(made *call, kept []*call) float64 {
	if !made.isOpen {
		return made.calledAt
	}
	first := math.Inf(1)
	for _, other := range kept {
		if other != made && notices(other, made) {
			first = math.Min(first, other.calledAt)
		}
	}
	return math.Max(made.calledAt, first)
}

func isNoticed(made *call, kept []*call) bool {
	for _, other := range kept {
		if notices(other, made) {
			return true
		}
	}
	return false
}

// Whether a call may depend on a write that was done before it.
func notices(other, made *call) bool {
	isWrite := other.write != nil
	switch {
	case other.returnedAt < made.calledAt:
		return false
	case other.tells && isSame(other.stored, made.write):
		return true
	case isWrite && !other.isOpen && !other.granted && !other.tells && explains(made, other.when):
		return true
	case isWrite && other.when.Is == "same" && other.when.holds(made.write):
		return true
	case isWrite && made.when.Is != "earlier" && other.when.Is == "earlier" && other.when.Epoch == made.write.Epoch:
		return true
	}
	return false
}

// Whether a condition may have failed because of a write that was done before it. A beat is written upon an earlier beat of
// its epoch: conditions on another epoch, or on no item, fail with that one as well.
func explains(made *call, failed condition) bool {
	if made.when.Is == "earlier" && (failed.Is == "absent" || failed.Epoch != made.write.Epoch) {
		return false
	}
	return !failed.holds(made.write)
}

func (one *lease) String() string {
	if one == nil {
		return "nothing"
	}
	return fmt.Sprintf("epoch %d, beat %d", one.Epoch, one.Beat)
}

func (made *call) String() string {
	if made.write == nil {
		return "read " + made.stored.String()
	}
	return fmt.Sprintf("write %v if %s: %v", made.write, made.when.Is, made.granted)
}
