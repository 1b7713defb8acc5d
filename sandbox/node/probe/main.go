// Asks and answers over the network, so that a test sees what network policies let through, and says
// all of it in JSON. It is one static program that needs no file, no right and no shell, so that it
// runs as any user on a file system that it cannot write.
package main

import (
	"fmt"
	"os"
)

// version changes with what the program says or takes.
const version = "1.3.0"

const usage = `usage:
  probe serve [--name NAME] [--page TEXT] [--ignore-term] [tcp:PORT | udp:PORT | http:PORT]...
                         answer each who asks
  probe ask [--timeout 1s] [--every 0s --for 0s [--keep]] [--from ADDRESS] TARGET...
                         tcp://HOST:PORT, udp://HOST:PORT, http://HOST:PORT,
                         dns-udp://SERVER:PORT/NAME, dns-tcp://SERVER:PORT/NAME
  probe get [--timeout 3s] [--token FILE] https://HOST:PORT/PATH...
                         the status that a server answers with
  probe read PATH...     whether files are there
  probe process          what it may do, and which processes it sees
  probe spawn [--number 100]
                         how many processes it may start
  probe burn [--memory MEBIBYTES] [--disk MEBIBYTES [--folder FOLDER]] [--cpu THREADS] [--for 0s]
                         take that much, hold it, and say what was had
  probe pause            wait for a signal, as the first process of a pod
  probe --version`

func main() {
	if len(os.Args) < 2 {
		fail(usage)
	}
	command, rest := os.Args[1], os.Args[2:]
	switch command {
	case "serve":
		serve(rest)
	case "ask":
		ask(rest)
	case "get":
		get(rest)
	case "read":
		read(rest)
	case "process":
		process()
	case "spawn":
		spawn(rest)
	case "burn":
		burn(rest)
	case "pause":
		pause()
	case "--version":
		fmt.Println(version)
	default:
		fail(usage)
	}
}

func fail(reason any) {
	fmt.Fprintln(os.Stderr, reason)
	os.Exit(2)
}
