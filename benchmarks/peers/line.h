/* What the generators share: WebSocket lines over loopback, one timer heap, and how a server's CPU
 * and memory are read. One thread, epoll; nothing blocks. Included once by each program.
 *
 * The program gives `on_open`, `on_frame`, `on_end` and `on_time`.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS_MAX = 512, OPENING_MAX = 64, REQUEST_BYTES_MAX = 2600, OUT_BYTES_MAX = 600 };
enum State { IDLE, CONNECTING, UPGRADING, OPEN };
enum { OP_TEXT = 1, OP_BINARY = 2, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

typedef struct {
    int fd, port;
    enum State state;
    char *path;
    const char *subprotocol; /* NULL: none is asked for */
    uint8_t *held;           /* the beginning of what has not come whole */
    size_t held_size, held_room;
} Line;

static int poller, opening;
static uint64_t bytes_in, frames_in, broken, wakeups;
static uint8_t buffer[1 << 20];

static void on_open(Line *line);
static void on_frame(Line *line, int opcode, uint8_t *data, size_t size);
static void on_end(Line *line);
static void on_time(void *subject);

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void fail(const char *why) {
    fprintf(stderr, "generator: %s (%s)\n", why, strerror(errno));
    exit(1);
}

/* ---- timers: a heap by instant */

typedef struct { uint64_t at; void *subject; } Timer;
static Timer *timers;
static size_t timer_count, timer_room;

static void swap_timers(size_t a, size_t b) {
    Timer kept = timers[a];
    timers[a] = timers[b];
    timers[b] = kept;
}

static void call_at(uint64_t at, void *subject) {
    if (timer_count == timer_room) {
        timer_room = timer_room ? timer_room * 2 : 1024;
        timers = realloc(timers, timer_room * sizeof *timers);
    }
    size_t i = timer_count++;
    timers[i] = (Timer){at, subject};
    for (; i > 0 && timers[(i - 1) / 2].at > timers[i].at; i = (i - 1) / 2)
        swap_timers(i, (i - 1) / 2);
}

static void *next_timer(void) {
    void *subject = timers[0].subject;
    timers[0] = timers[--timer_count];
    for (size_t i = 0;;) {
        size_t least = i, left = 2 * i + 1;
        if (left < timer_count && timers[left].at < timers[least].at) least = left;
        if (left + 1 < timer_count && timers[left + 1].at < timers[least].at) least = left + 1;
        if (least == i) return subject;
        swap_timers(i, least);
        i = least;
    }
}

/* ---- lines */

static void hang_up(Line *line) {
    if (line->state == CONNECTING || line->state == UPGRADING) opening--;
    line->state = IDLE;
    line->held_size = 0;
    close(line->fd);
}

static void lost(Line *line) {
    hang_up(line);
    broken++;
    on_end(line);
}

static void put(Line *line, const void *data, size_t size) {
    if (write(line->fd, data, size) != (ssize_t)size) lost(line);
}

/* Clients' frames are masked; the key is zero, which RFC 6455 allows and which costs nothing. */
static void send_frame(Line *line, int opcode, const void *data, size_t size) {
    uint8_t frame[OUT_BYTES_MAX + 8];
    size_t head = size < 126 ? 2 : 4;
    if (size > OUT_BYTES_MAX) fail("a frame is too long");
    frame[0] = (uint8_t)(0x80 | opcode);
    frame[1] = (uint8_t)(0x80 | (size < 126 ? size : 126));
    if (size >= 126) frame[2] = (uint8_t)(size >> 8), frame[3] = (uint8_t)size;
    memset(frame + head, 0, 4);
    memcpy(frame + head + 4, data, size);
    put(line, frame, head + 4 + size);
}

static int tcp(int port, int flags) {
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | flags, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (fd < 0) fail("no socket");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS)
        fail("connect");
    return fd;
}

static void open_line(Line *line) {
    line->fd = tcp(line->port, SOCK_NONBLOCK);
    line->state = CONNECTING;
    opening++;
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = line};
    epoll_ctl(poller, EPOLL_CTL_ADD, line->fd, &event);
}

static void request_upgrade(Line *line) {
    char request[REQUEST_BYTES_MAX], asked[80] = "";
    if (line->subprotocol != NULL)
        snprintf(asked, sizeof asked, "Sec-WebSocket-Protocol: %s\r\n", line->subprotocol);
    int size = snprintf(request, sizeof request,
                        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        "Sec-WebSocket-Version: 13\r\n%s\r\n",
                        line->path, line->port, asked);
    if (size >= (int)sizeof request) fail("a path is too long");
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = line};
    epoll_ctl(poller, EPOLL_CTL_MOD, line->fd, &event);
    line->state = UPGRADING;
    put(line, request, (size_t)size);
}

/* Bytes of the answer's head, 0 if it is not whole. */
static size_t upgraded(Line *line, uint8_t *data, size_t size) {
    uint8_t *end = memmem(data, size, "\r\n\r\n", 4);
    if (end == NULL) return 0;
    if (memcmp(data, "HTTP/1.1 101", 12) != 0) {
        fprintf(stderr, "%.*s\n", (int)(end - data), data);
        fail("the upgrade was refused");
    }
    line->state = OPEN;
    opening--;
    on_open(line);
    return (size_t)(end + 4 - data);
}

/* Bytes of the first frame, 0 if it is not whole. */
static size_t one_frame(Line *line, uint8_t *data, size_t size) {
    if (size < 2) return 0;
    size_t length = data[1] & 127, head = 2;
    if (length == 126) {
        if (size < 4) return 0;
        length = (size_t)data[2] << 8 | data[3], head = 4;
    } else if (length == 127) {
        if (size < 10) return 0;
        length = 0, head = 10;
        for (int i = 2; i < 10; i++) length = length << 8 | data[i];
    }
    if (size < head + length) return 0;
    if ((data[0] & 15) == OP_PING) send_frame(line, OP_PONG, data + head, length);
    else if ((data[0] & 15) <= OP_BINARY) frames_in++, on_frame(line, data[0] & 15, data + head, length);
    return head + length;
}

static void keep(Line *line, const uint8_t *data, size_t size) {
    if (size > line->held_room) {
        line->held_room = size;
        line->held = realloc(line->held, size);
    }
    memcpy(line->held, data, size);
    line->held_size = size;
}

static void readable(Line *line) {
    size_t at = 0, size = line->held_size;
    if (size) memcpy(buffer, line->held, size);
    ssize_t got = recv(line->fd, buffer + size, sizeof buffer - size, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
        lost(line);
        return;
    }
    bytes_in += (uint64_t)got;
    size += (size_t)got;
    line->held_size = 0;
    while (at < size && line->state != IDLE) {
        size_t used = line->state == OPEN ? one_frame(line, buffer + at, size - at)
                                          : upgraded(line, buffer + at, size - at);
        if (used == 0) break;
        at += used;
    }
    if (at < size && line->state != IDLE) keep(line, buffer + at, size - at);
}

/* Serve lines and timers until an instant, or until `*reached` is `goal`. */
static void run(uint64_t until, const int *reached, int goal) {
    struct epoll_event events[EVENTS_MAX];
    for (;;) {
        uint64_t now = now_ns(), next = until;
        if (now >= until || (reached != NULL && *reached == goal)) return;
        if (timer_count && timers[0].at < next) next = timers[0].at;
        uint64_t wait = next > now ? next - now : 0;
        if (wait > 50000000) wait = 50000000;
        struct timespec span = {0, (long)wait};
        int ready = epoll_pwait2(poller, events, EVENTS_MAX, &span, NULL);
        wakeups++;
        for (int i = 0; i < ready; i++) {
            Line *line = events[i].data.ptr;
            if (line->state == CONNECTING) request_upgrade(line);
            else if (line->state != IDLE) readable(line);
        }
        for (now = now_ns(); timer_count && timers[0].at <= now;) on_time(next_timer());
    }
}

/* ---- what was measured */

static uint32_t *latencies; /* microseconds */
static size_t latency_count, latency_room;

static void took(uint64_t ns) {
    if (latency_count == latency_room) {
        latency_room = latency_room ? latency_room * 2 : 1 << 20;
        latencies = realloc(latencies, latency_room * sizeof *latencies);
    }
    latencies[latency_count++] = (uint32_t)(ns / 1000);
}

static int by_value(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void sort_latencies(void) { qsort(latencies, latency_count, sizeof *latencies, by_value); }

/* Milliseconds that this part of the sorted latencies stays within. */
static double quantile(double part) {
    if (latency_count == 0) return 0;
    size_t i = (size_t)(part * (double)latency_count);
    return latencies[i < latency_count ? i : latency_count - 1] / 1000.0;
}

/* Seconds of CPU that these processes ("12,13") have used, all threads. */
static double cpu_s(const char *processes) {
    double sum = 0;
    for (const char *at = processes; at != NULL && *at; at = strchr(at, ',')) {
        char name[40], text[1024], *field;
        unsigned long user = 0, kernel = 0;
        at += *at == ',';
        snprintf(name, sizeof name, "/proc/%d/stat", atoi(at));
        FILE *file = fopen(name, "r");
        if (file == NULL) continue;
        if (fgets(text, sizeof text, file) != NULL && (field = strrchr(text, ')')) != NULL &&
            sscanf(field + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                   &kernel) == 2)
            sum += (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
        fclose(file);
    }
    return sum;
}

/* KiB these processes hold. */
static double rss_kb(const char *processes) {
    double sum = 0;
    for (const char *at = processes; at != NULL && *at; at = strchr(at, ',')) {
        char name[40];
        unsigned long pages = 0;
        at += *at == ',';
        snprintf(name, sizeof name, "/proc/%d/statm", atoi(at));
        FILE *file = fopen(name, "r");
        if (file == NULL) continue;
        if (fscanf(file, "%*u %lu", &pages) == 1) sum += (double)pages * (double)sysconf(_SC_PAGESIZE) / 1024;
        fclose(file);
    }
    return sum;
}

static double own_cpu_s(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}
