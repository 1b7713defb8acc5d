package main

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// File says whether a file can be read, and never what is in it.
type File struct {
	Path  string `json:"path"`
	Found bool   `json:"found"`
	// Size in bytes.
	Size int64 `json:"size"`
	// Error as the system tells it.
	Error string `json:"error,omitempty"`
}

// read writes a line for each file.
func read(paths []string) {
	for _, path := range paths {
		file := File{Path: path}
		if content, err := os.ReadFile(path); err == nil {
			file.Found, file.Size = true, int64(len(content))
		} else if found, other := os.Stat(path); other == nil {
			// Folders and sockets are no files to read, and are there all the same.
			file.Found, file.Size = true, found.Size()
		} else {
			file.Error = err.Error()
		}
		report(file)
	}
}

// process says what this process may do, in the kernel's words, and which others it sees.
func process() {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		fail(err)
	}
	fields := map[string]string{}
	for _, line := range strings.Split(string(status), "\n") {
		name, value, _ := strings.Cut(line, ":")
		fields[name] = strings.TrimSpace(value)
	}
	names := []string{}
	others, _ := filepath.Glob("/proc/[0-9]*/comm")
	for _, other := range others {
		if name, err := os.ReadFile(other); err == nil {
			names = append(names, strings.TrimSpace(string(name)))
		}
	}
	report(map[string]any{"status": fields, "processes": names})
}

// spawn starts children up to a number, says how many there are at the same time, and ends them.
func spawn(arguments []string) {
	flags := flag.NewFlagSet("spawn", flag.ExitOnError)
	number := flags.Int("number", 100, "how many")
	flags.Parse(arguments)
	var children []*exec.Cmd
	var err error
	for len(children) < *number && err == nil {
		child := exec.Command("/proc/self/exe", "pause")
		if err = child.Start(); err == nil {
			children = append(children, child)
		}
	}
	said := map[string]any{"started": len(children)}
	if err != nil {
		said["error"] = err.Error()
	}
	for _, child := range children {
		_ = child.Process.Kill()
		_ = child.Wait()
	}
	report(said)
}

// get asks one HTTPS server, whoever vouches for it, and says how it answers.
func get(arguments []string) {
	flags := flag.NewFlagSet("get", flag.ExitOnError)
	timeout := flags.Duration("timeout", 3*time.Second, "how long to wait for an answer")
	token := flags.String("token", "", "the file of a token to show")
	flags.Parse(arguments)
	for _, target := range flags.Args() {
		status, err := statusOf(target, *token, *timeout)
		said := map[string]any{"target": target, "outcome": outcome(err), "status": status}
		if err != nil {
			said["error"] = err.Error()
		}
		report(said)
	}
}

func statusOf(target, tokenFile string, timeout time.Duration) (int, error) {
	limit, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(limit, http.MethodGet, target, nil)
	if err != nil {
		return 0, err
	}
	if tokenFile != "" {
		token, err := os.ReadFile(tokenFile)
		if err != nil {
			return 0, fmt.Errorf("no token: %w", err)
		}
		request.Header.Set("Authorization", "Bearer "+string(token))
	}
	transport := &http.Transport{
		DialContext:     (&net.Dialer{}).DialContext,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	return response.StatusCode, nil
}
