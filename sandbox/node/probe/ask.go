package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Result is what came of asking one target.
type Result struct {
	Target string `json:"target"`
	// Outcome is open, refused (at once, by a reset or an ICMP message), silent (no answer in time),
	// unreachable (no route), unknown-name, or failed.
	Outcome string `json:"outcome"`
	// At is when the asking began: milliseconds since 1970.
	At int64 `json:"at"`
	// Milliseconds until the outcome was known.
	Milliseconds float64 `json:"milliseconds"`
	// Answer of a probe that serves; missing where another program answers.
	Answer *Answer `json:"answer,omitempty"`
	// Page that an HTTP server answers with, at most its first kilobyte.
	Page string `json:"page,omitempty"`
	// Addresses that a name has.
	Addresses []string `json:"addresses,omitempty"`
	// Error as the system tells it.
	Error string `json:"error,omitempty"`
}

var output = struct {
	sync.Mutex
	*json.Encoder
}{Encoder: json.NewEncoder(os.Stdout)}

func report(value any) {
	output.Lock()
	defer output.Unlock()
	_ = output.Encode(value)
}

// ask asks all targets side by side and writes a line for each result. It ends with 0 whatever the
// outcomes are: they are what it was asked for.
func ask(arguments []string) {
	flags := flag.NewFlagSet("ask", flag.ExitOnError)
	timeout := flags.Duration("timeout", time.Second, "how long to wait for an answer")
	every := flags.Duration("every", 0, "ask again in this interval")
	lasting := flags.Duration("for", 0, "how long to ask again")
	from := flags.String("from", "", "the address that asks; default what the system takes")
	keep := flags.Bool("keep", false, "ask again on one TCP connection, until it fails")
	flags.Parse(arguments)
	if flags.NArg() == 0 {
		fail(usage)
	}
	var all sync.WaitGroup
	for _, target := range flags.Args() {
		parsed, err := url.Parse(target)
		if err != nil || parsed.Port() == "" {
			fail(fmt.Sprintf("%s is no target, such as tcp://127.0.0.1:8080", target))
		}
		client := client{net.ParseIP(*from), *timeout}
		if *keep {
			all.Go(func() { client.askOnOneConnection(parsed, *every, *lasting) })
		} else {
			all.Go(func() { client.askRepeatedly(parsed, *every, *lasting) })
		}
	}
	all.Wait()
}

// client is who asks.
type client struct {
	// from is the address to ask from; nil where the system takes one.
	from    net.IP
	timeout time.Duration
}

func (client client) dialer(network string) *net.Dialer {
	dialer := &net.Dialer{}
	if client.from != nil && strings.HasPrefix(network, "udp") {
		dialer.LocalAddr = &net.UDPAddr{IP: client.from}
	} else if client.from != nil {
		dialer.LocalAddr = &net.TCPAddr{IP: client.from}
	}
	return dialer
}

func (client client) askRepeatedly(target *url.URL, every, lasting time.Duration) {
	var pending sync.WaitGroup
	defer pending.Wait()
	end := time.Now().Add(lasting)
	for {
		pending.Go(func() { report(client.askOnce(target)) })
		if every <= 0 || time.Now().Add(every).After(end) {
			return
		}
		time.Sleep(every)
	}
}

// askOnOneConnection reports each answer, and ends with the first that does not come.
func (client client) askOnOneConnection(target *url.URL, every, lasting time.Duration) {
	began := time.Now()
	end := began.Add(lasting)
	dialer := client.dialer("tcp")
	dialer.Timeout = client.timeout
	connection, err := dialer.Dial("tcp", target.Host)
	if err != nil {
		report(resultOf(target, began, err))
		return
	}
	defer connection.Close()
	answers := bufio.NewReader(connection)
	_, err = answers.ReadBytes('\n')
	for err == nil && time.Now().Before(end) {
		began = time.Now()
		_ = connection.SetDeadline(began.Add(client.timeout))
		if _, err = fmt.Fprintln(connection, "probe"); err == nil {
			_, err = answers.ReadBytes('\n')
		}
		report(resultOf(target, began, err))
		time.Sleep(every)
	}
}

func resultOf(target *url.URL, began time.Time, err error) Result {
	result := Result{Target: target.String(), At: began.UnixMilli(), Outcome: outcome(err)}
	result.Milliseconds = float64(time.Since(began).Microseconds()) / 1000
	if err != nil {
		result.Error = err.Error()
	}
	return result
}

func (client client) askOnce(target *url.URL) Result {
	began := time.Now()
	limit, cancel := context.WithTimeout(context.Background(), client.timeout)
	defer cancel()
	var answered Result
	var err error
	if network, isDNS := strings.CutPrefix(target.Scheme, "dns-"); isDNS {
		name := strings.TrimPrefix(target.Path, "/")
		answered.Addresses, err = client.resolve(limit, network, target.Host, name)
	} else if target.Scheme == "http" {
		answered.Page, err = client.fetch(limit, target)
	} else {
		answered.Answer, err = client.exchange(limit, target.Scheme, target.Host)
	}
	result := resultOf(target, began, err)
	result.Answer, result.Addresses, result.Page = answered.Answer, answered.Addresses, answered.Page
	return result
}

func (client client) fetch(limit context.Context, target *url.URL) (string, error) {
	request, err := http.NewRequestWithContext(limit, http.MethodGet, target.String(), nil)
	if err != nil {
		return "", err
	}
	transport := &http.Transport{DialContext: client.dialer("tcp").DialContext, DisableKeepAlives: true}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	page, err := io.ReadAll(io.LimitReader(response.Body, 1024))
	return strings.TrimSpace(string(page)), err
}

// resolve asks one server, over one protocol, for the addresses of a name.
func (client client) resolve(limit context.Context, network, server, name string) ([]string, error) {
	resolver := net.Resolver{
		PreferGo: true,
		Dial: func(limit context.Context, _, _ string) (net.Conn, error) {
			return client.dialer(network).DialContext(limit, network, server)
		},
	}
	return resolver.LookupHost(limit, name)
}

// exchange sends a line to a target and waits for one back: only an answer shows that packets go
// both ways.
func (client client) exchange(limit context.Context, network, address string) (*Answer, error) {
	connection, err := client.dialer(network).DialContext(limit, network, address)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	deadline, _ := limit.Deadline()
	_ = connection.SetDeadline(deadline)
	if _, err := fmt.Fprintln(connection, "probe"); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(connection).ReadBytes('\n')
	if network == "tcp" && len(line) == 0 && !isReset(err) {
		// Other servers wait for what they understand; the connection itself is the answer.
		return nil, nil
	}
	if err != nil && len(line) == 0 {
		return nil, err
	}
	var answer Answer
	if json.Unmarshal(line, &answer) != nil {
		return nil, nil
	}
	return &answer, nil
}

func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.ECONNREFUSED)
}

func outcome(err error) string {
	var unknown *net.DNSError
	var late net.Error
	switch {
	case err == nil:
		return "open"
	case isReset(err), errors.Is(err, syscall.EPERM):
		return "refused"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "unreachable"
	case errors.As(err, &unknown) && unknown.IsNotFound:
		return "unknown-name"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &late) && late.Timeout():
		return "silent"
	default:
		return "failed"
	}
}
