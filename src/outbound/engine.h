#pragma once
/* The sender: leases mails, hands them to relays and writes down what became of them. One thread, one epoll, one
 * transaction per turn. Its caller gives it turns and decides about its life:
 *
 *     while (!engine_finished(engine))
 *         engine_turn(engine, 1000, &error);    // an error is of the database; log it, wait a little, go on
 *
 * There is one sender per SQLite database: see store/lock.h. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/token.h"
#include "config/settings.h"
#include "store/db.h"

typedef struct Engine Engine;

/** Resolves what an earlier sender left behind when it was killed. settings, db and keyring must outlive the engine,
 * settings until they are replaced by engine_reload(). */
Engine *engine_new(const Settings *settings, Db *db, const Keyring *keyring, GError **error);

/** NULL is fine. Mails that were begun and have no outcome yet stay leased: the next sender finds them. */
void engine_free(Engine *engine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Engine, engine_free)

/** Waiting also ends when this descriptor is readable (signals, wake-ups); reading it is its owner's business. */
void engine_watch(Engine *engine, int fd);

/** It was, when the last turn waited. */
bool engine_heard(const Engine *engine);

/** Rows may have changed: the next turn looks at once. */
void engine_wake(Engine *engine);

/** One turn: collect what the relays said, write down all outcomes and the next leases in one transaction, write what
 * that allows, then wait up to max_wait_ms. On failure nothing is lost: what was not written down is tried again in the
 * next turn, and nothing new is begun before. */
bool engine_turn(Engine *engine, int64_t max_wait_ms, GError **error);

/** Begins to end: no new mails; those that were begun are completed, the others given back. */
void engine_stop(Engine *engine);
bool engine_finished(const Engine *engine);

/** New settings: mails under way are completed by the old ones. On failure the old ones stay. */
bool engine_reload(Engine *engine, const Settings *settings, GError **error);

/** What it is doing, in words: "sending: 3 connections, 1,204 sent, 2 deferred". Caller frees. */
char *engine_summary(const Engine *engine);
