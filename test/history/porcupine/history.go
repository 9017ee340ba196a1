package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"sort"
)

// A lease as a table stores it. Id tells apart writes of the same values, where it was recorded.
type lease struct {
	Epoch int64  `json:"epoch"`
	Beat  int64  `json:"beat"`
	ID    string `json:"id"`
}

// The condition of a write: no item is stored, exactly this one is, or an earlier beat of this epoch.
type condition struct {
	Is    string `json:"is"`
	Epoch int64  `json:"epoch"`
	Beat  int64  `json:"beat"`
}

// A call to a lease item, as its caller saw it.
type call struct {
	// Milliseconds. Without an answer it returned never: it may have had its effect at any time since, or not at all.
	calledAt, returnedAt float64
	isOpen               bool
	// Nil for a read.
	write *lease
	when  condition
	// Whether the write was done, and what the answer says is stored. Nil: nothing is stored, or the answer does not say.
	granted bool
	stored  *lease
	// Whether the answer says what is stored.
	tells bool
}

// A region believed to hold a home from one moment until another, in milliseconds.
type hold struct {
	region      string
	from, until float64
}

type history struct {
	byItem   map[string][]*call
	holds    map[string][]hold
	problems []string
}

type item struct {
	name  string
	calls []*call
}

// One line of a file.
type line struct {
	Type    string  `json:"type"`
	At      float64 `json:"at"`
	Call    string  `json:"call"`
	Table   string  `json:"table"`
	Home    string  `json:"home"`
	Region  string  `json:"region"`
	Until   float64 `json:"until"`
	Request struct {
		Kind string    `json:"kind"`
		Item *lease    `json:"item"`
		If   condition `json:"if"`
	} `json:"request"`
	Granted bool `json:"granted"`
	// Absent where the answer does not say what is stored; null where nothing is.
	Stored json.RawMessage `json:"stored"`
}

func readHistory(file string) (history, error) {
	read := history{byItem: map[string][]*call{}, holds: map[string][]hold{}, problems: []string{}}
	opened, err := os.Open(file)
	if err != nil {
		return read, err
	}
	defer opened.Close()
	calls := map[string]*call{}
	lines := bufio.NewScanner(opened)
	lines.Buffer(nil, 1<<20)
	for number := 1; lines.Scan(); number++ {
		var next line
		if err := json.Unmarshal(lines.Bytes(), &next); err != nil {
			return read, fmt.Errorf("%s:%d: %w", file, number, err)
		}
		if err := read.add(next, calls); err != nil {
			return read, fmt.Errorf("%s:%d: %w", file, number, err)
		}
	}
	return read, lines.Err()
}

func (read *history) add(next line, calls map[string]*call) error {
	switch next.Type {
	case "call":
		name := fmt.Sprintf("the lease of %s in the table of %s", next.Home, next.Table)
		if next.Request.Kind != "read" && next.Request.Kind != "write" {
			read.problems = append(read.problems, fmt.Sprintf("%s: the operation %s is not judged", name, next.Request.Kind))
			return nil
		}
		// What may be left out (see needed) rests on this.
		if item, when := next.Request.Item, next.Request.If; item != nil && when.Is == "earlier" && (item.Epoch != when.Epoch || item.Beat != when.Beat) {
			read.problems = append(read.problems, fmt.Sprintf("%s: the condition of a beat names epoch %d, beat %d, and it writes %v", name, when.Epoch, when.Beat, item))
		}
		made := &call{calledAt: next.At, returnedAt: math.Inf(1), isOpen: true, write: next.Request.Item, when: next.Request.If}
		calls[next.Call] = made
		read.byItem[name] = append(read.byItem[name], made)
	case "return":
		made := calls[next.Call]
		if made == nil {
			return fmt.Errorf("no call %q", next.Call)
		}
		made.returnedAt, made.isOpen, made.granted = next.At, false, next.Granted
		if len(next.Stored) == 0 {
			return nil
		}
		made.tells = true
		return json.Unmarshal(next.Stored, &made.stored)
	case "hold":
		read.holds[next.Home] = append(read.holds[next.Home], hold{next.Region, next.At, next.Until})
	default:
		return fmt.Errorf("unknown type %q", next.Type)
	}
	return nil
}

// The items in the order of their names.
func (read *history) items() []item {
	var items []item
	for name, calls := range read.byItem {
		items = append(items, item{name, calls})
	}
	sort.Slice(items, func(a, b int) bool { return items[a].name < items[b].name })
	return items
}

func (one item) open() int {
	count := 0
	for _, made := range one.calls {
		if made.isOpen {
			count++
		}
	}
	return count
}
