// Package real runs the receivers that can be had on a build machine: RabbitMQ,
// Node-RED and adnanh's webhook, each on loopback, with a folder of its own and
// without touching one that the machine may run already.
//
// Its tests send them notices through a real Traefik and restart them in the
// middle of it.
package real
