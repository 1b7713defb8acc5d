package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// Answer is what a server says to each who asks.
type Answer struct {
	// Name of the server; default the name of its host, which is that of its pod.
	Name string `json:"name"`
	// Peer is the address that the server sees.
	Peer string `json:"peer"`
	// Address that was asked.
	Address string `json:"address"`
}

// serve listens until it is told to end. Over TCP it answers at once and then sends back each line;
// over UDP it answers each datagram.
func serve(arguments []string) {
	flags := flag.NewFlagSet("serve", flag.ExitOnError)
	host, _ := os.Hostname()
	name := flags.String("name", host, "what the server calls itself")
	page := flags.String("page", host, "what it answers over HTTP")
	ignore := flags.Bool("ignore-term", false, "go on when told to end, until it is killed")
	flags.Parse(arguments)
	for _, listener := range flags.Args() {
		if err := listen(listener, *name, *page); err != nil {
			fail(err)
		}
	}
	report(map[string]any{"name": *name, "listens": flags.Args()})
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	for range signals {
		if !*ignore {
			return
		}
	}
}

// listen takes `tcp:PORT`, `udp:PORT`, `http:PORT`, or one of them with an address before the port.
func listen(listener, name, page string) error {
	network, address, _ := strings.Cut(listener, ":")
	if !strings.Contains(address, ":") {
		address = ":" + address
	}
	switch network {
	case "tcp":
		tcp, err := net.Listen("tcp", address)
		if err != nil {
			return err
		}
		go acceptAll(tcp, name)
	case "http":
		tcp, err := net.Listen("tcp", address)
		if err != nil {
			return err
		}
		go servePage(tcp, page)
	case "udp":
		udp, err := net.ListenPacket("udp", address)
		if err != nil {
			return err
		}
		go answerDatagrams(udp, name)
	default:
		return fmt.Errorf("%s is none of tcp:PORT, udp:PORT and http:PORT", listener)
	}
	return nil
}

func servePage(listener net.Listener, page string) {
	answer := func(writer http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintln(writer, page)
	}
	server := http.Server{Handler: http.HandlerFunc(answer), ReadHeaderTimeout: time.Minute}
	fail(server.Serve(listener))
}

func acceptAll(listener net.Listener, name string) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			fail(err)
		}
		go answerConnection(connection, name)
	}
}

func answerConnection(connection net.Conn, name string) {
	defer connection.Close()
	answer := Answer{name, connection.RemoteAddr().String(), connection.LocalAddr().String()}
	if json.NewEncoder(connection).Encode(answer) != nil {
		return
	}
	lines := bufio.NewScanner(connection)
	for lines.Scan() {
		if _, err := fmt.Fprintln(connection, lines.Text()); err != nil {
			return
		}
	}
}

func answerDatagrams(socket net.PacketConn, name string) {
	buffer := make([]byte, 1500)
	for {
		_, peer, err := socket.ReadFrom(buffer)
		if err != nil {
			fail(err)
		}
		answer, _ := json.Marshal(Answer{name, peer.String(), socket.LocalAddr().String()})
		// A peer that is gone is no reason to end.
		_, _ = socket.WriteTo(append(answer, '\n'), peer)
	}
}
