// Judges recorded histories with Porcupine, a checker of linearizability that knows nothing of the fleet.
//
// It reads files of one JSON object per line (see ../../../cli/global/lease-history/lines.ts) and prints one JSON object
// per file. Exit codes: 0 every history is right, 1 one is not or could not be decided, 2 a file cannot be read.
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"time"

	"github.com/anishathalye/porcupine"
)

// A verdict on one history.
type verdict struct {
	File string `json:"file"`
	// Calls to lease items, and those of them without an answer.
	Calls int `json:"calls"`
	Open  int `json:"open"`
	// Lease items: one per home in each region's table.
	Items int `json:"items"`
	// Times in which a region held a home.
	Holds int `json:"holds"`
	// What is wrong, one sentence each.
	Violations []string `json:"violations"`
	// What was not decided in time.
	Undecided []string `json:"undecided"`
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: judge FILE...")
		os.Exit(2)
	}
	code := 0
	for _, file := range os.Args[1:] {
		read, err := readHistory(file)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		judged := judge(file, read)
		line, err := json.Marshal(judged)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(line))
		if len(judged.Violations)+len(judged.Undecided) > 0 {
			code = 1
		}
	}
	os.Exit(code)
}

// Most items are decided within milliseconds. The search for one that is not takes gigabytes within minutes.
const patience = 30 * time.Second

func judge(file string, read history) verdict {
	judged := verdict{File: file, Violations: read.problems, Undecided: []string{}}
	for _, item := range read.items() {
		judged.Items++
		judged.Calls += len(item.calls)
		judged.Open += item.open()
		judged.check(register, registerSteps(item.calls), item.name+" is no register with conditional writes")
	}
	for home, holds := range read.holds {
		judged.Holds += len(merged(holds))
		judged.check(lock, lockSteps(holds), "the home "+home+" is no lock: two regions held it at once")
	}
	return judged
}

// Asks Porcupine, and draws what is wrong into a page beside the history.
func (judged *verdict) check(model porcupine.Model, steps []porcupine.Operation, wrong string) {
	result, info := porcupine.CheckOperationsVerbose(model, steps, patience)
	switch result {
	case porcupine.Unknown:
		judged.Undecided = append(judged.Undecided, "not decided within "+patience.String()+": "+wrong)
	case porcupine.Illegal:
		page := fmt.Sprintf("%s.%d.html", judged.File, len(judged.Violations)+1)
		if err := porcupine.VisualizePath(model, info, page); err == nil {
			wrong += " (" + page + ")"
		}
		judged.Violations = append(judged.Violations, wrong)
	}
}

// Nanoseconds.
func at(ms float64) int64 {
	if math.IsInf(ms, 1) {
		return math.MaxInt64
	}
	return int64(ms * 1e6)
}
