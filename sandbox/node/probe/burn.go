package main

import (
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

const mebibyte = 1 << 20

// Burnt is what a process took before it ended by itself.
type Burnt struct {
	// Mebibytes of memory that were written to, and of a file.
	Memory int `json:"memory"`
	Disk   int `json:"disk"`
	// CPUSeconds that the process had, and the seconds that passed meanwhile.
	CPUSeconds float64 `json:"cpuSeconds"`
	Seconds    float64 `json:"seconds"`
}

// burn takes memory, disk and CPU, holds them for a while, and reports what it got.
func burn(arguments []string) {
	flags := flag.NewFlagSet("burn", flag.ExitOnError)
	memory := flags.Int("memory", 0, "mebibytes of memory")
	disk := flags.Int("disk", 0, "mebibytes of a file")
	folder := flags.String("folder", os.TempDir(), "where the file is")
	threads := flags.Int("cpu", 0, "threads that never rest")
	lasting := flags.Duration("for", 0, "how long all of it is held")
	flags.Parse(arguments)
	held := takeMemory(*memory)
	if err := takeDisk(filepath.Join(*folder, "burnt"), *disk); err != nil {
		fail(err)
	}
	began, used := time.Now(), cpuSeconds()
	takeCPU(*threads, began.Add(*lasting))
	time.Sleep(time.Until(began.Add(*lasting)))
	report(Burnt{len(held), *disk, cpuSeconds() - used, time.Since(began).Seconds()})
	runtime.KeepAlive(held)
}

// takeMemory writes to each page: the kernel counts none before.
func takeMemory(mebibytes int) [][]byte {
	var held [][]byte
	for range mebibytes {
		chunk := make([]byte, mebibyte)
		for at := 0; at < len(chunk); at += os.Getpagesize() {
			chunk[at] = 1
		}
		held = append(held, chunk)
	}
	return held
}

func takeDisk(name string, mebibytes int) error {
	if mebibytes == 0 {
		return nil
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	chunk := make([]byte, mebibyte)
	for range mebibytes {
		if _, err := file.Write(chunk); err != nil {
			return err
		}
	}
	return file.Sync()
}

func takeCPU(threads int, end time.Time) {
	runtime.GOMAXPROCS(threads + 1)
	done := make(chan struct{})
	for range threads {
		go func() {
			for time.Now().Before(end) {
			}
			done <- struct{}{}
		}()
	}
	for range threads {
		<-done
	}
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / float64(time.Second)
}
